"""Words by which the press tells what a company does, by NAF division (the first two digits of NAF rev. 2)."""

from __future__ import annotations

_WORDS = {
    "01": "agricole agricoles agriculteur agriculteurs elevage viticole vignoble farming crops",
    "08": "carriere granulats quarry",
    "10": "agroalimentaire alimentaire abattoir viande laiterie fromage biscuit biscuiterie conserverie surgele dairy",
    "11": "boisson boissons biere brasserie vin champagne distillerie spirits brewery beverage",
    "13": "textile tissage filature fabric",
    "14": "vetements confection clothing",
    "15": "cuir maroquinerie chaussures leather shoes",
    "16": "scierie bois menuiserie timber sawmill",
    "17": "papier papeterie carton emballage paper packaging",
    "18": "imprimerie imprimeur printing",
    "19": "raffinerie refinery",
    "20": "chimie chimique cosmetique parfum peinture chemical cosmetics",
    "21": "pharmaceutique medicament vaccin pharma drug",
    "22": "plastique plasturgie caoutchouc pneu pneus plastic tyre tyres",
    "23": "verre verrerie ciment beton ceramique tuiles glass cement concrete",
    "24": "acier siderurgie fonderie aluminium metallurgie steel foundry",
    "25": "mecanique chaudronnerie usinage decolletage forge metal machining",
    "26": "electronique conducteurs capteurs composants electronics semiconductors chips",
    "27": "electrique batterie batteries cables electromenager battery appliances",
    "28": "machines robots robotique pompes engins machinery robotics",
    "29": "automobile voiture voitures equipementier constructeur car cars automotive",
    "30": "naval chantier aeronautique avion avions ferroviaire train aerospace aircraft shipbuilder",
    "31": "meubles cuisines furniture",
    "32": "dispositif medical prothese bijoux jouets medical toys jewellery",
    "33": "maintenance reparation repair",
    "35": "electricite energie gaz eolien solaire photovoltaique energy power wind solar",
    "36": "eau assainissement water",
    "38": "dechets recyclage waste recycling",
    "41": "promoteur immobilier construction batiment housebuilder",
    "42": "routes voirie roads",
    "43": "plomberie couverture chauffage isolation macon plumbing roofing",
    "45": "concession garage automobile dealership",
    "46": "grossiste negoce wholesale",
    "47": "magasin magasins boutique supermarche enseigne distribution commerce store stores retail retailer shop",
    "49": "transport transporteur camion camions routier ferroviaire trucking haulage",
    "50": "maritime armateur ferries shipping",
    "51": "compagnie aerienne vols airline flights",
    "52": "logistique entrepot plateforme logistique warehouse logistics",
    "53": "colis courrier livraison parcel delivery",
    "55": "hotel hotels hotellerie camping",
    "56": "restaurant restaurants restauration traiteur catering",
    "58": "editeur edition journal quotidien magazine logiciel logiciels publisher newspaper software",
    "59": "film cinema production audiovisuelle studio movie",
    "60": "radio television chaine broadcaster",
    "61": "telecoms operateur telecommunications fibre mobile telecom",
    "62": "informatique logiciel logiciels numerique esn cloud cybersecurite software",
    "63": "donnees plateforme hebergement data hosting",
    "64": "banque bancaire fonds investissement bank fund fintech",
    "65": "assurance assurances assureur mutuelle insurance insurer",
    "66": "courtier courtage broker",
    "68": "immobilier fonciere bailleur logements property",
    "69": "avocats notaires comptable audit law accounting",
    "70": "conseil consulting",
    "71": "ingenierie architecture engineering",
    "72": "recherche biotech biotechnologie laboratoire research biotechnology",
    "73": "publicite communication agence marketing advertising",
    "74": "design photographie",
    "77": "location loueur rental leasing",
    "78": "interim interimaire staffing",
    "79": "voyages voyagiste tourisme travel",
    "80": "securite gardiennage security",
    "81": "nettoyage proprete cleaning",
    "85": "ecole formation enseignement campus school training",
    "86": "clinique hopital sante laboratoire clinic hospital health",
    "87": "ehpad nursing",
    "90": "spectacle theatre festival",
    "92": "casino jeux loterie gambling lottery",
    "93": "sport parc loisirs stade fitness leisure",
    "95": "reparation",
    "96": "coiffure pressing blanchisserie laundry",
}  # fmt: skip
_DIVISIONS: dict[str, set[str]] = {}
for _division, _said in _WORDS.items():
    for _word in _said.split():
        _DIVISIONS.setdefault(_word, set()).add(_division)


def told_in(words: str) -> frozenset[str]:
    """The NAF divisions whose words a folded text has."""
    found: set[str] = set()
    for word in words.split():
        found |= _DIVISIONS.get(word, set())
    return frozenset(found)
